import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** `primary`: the action of the screen; `danger`: it takes something away; `quiet`: without a border. */
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
}

export function Button({ kind = 'plain', ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={`button button-${kind}`} />
}
