import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './desk.css'

createRoot(document.querySelector('#desk') as Element).render(<App />)
