import { mount } from 'svelte'
import App from './App.svelte'
import { openDoor } from './lib/ipc'
import './tokens.css'

const target = document.getElementById('app')
if (target) mount(App, { target, props: { door: await openDoor() } })
