/** @jsxImportSource react */
import { createRoot } from 'react-dom/client'
import './desk.css'

createRoot(document.querySelector('#desk') as Element).render(<main>Desk</main>)
