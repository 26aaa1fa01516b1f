import { mount } from 'svelte'
import App from './App.svelte'
import { openDoor } from './lib/ipc'
import { speak } from './lib/state/language.svelte'
import { marks } from './lib/state/look.svelte'
import './tokens.css'

// The first picture is in the system's colours and language already.
Object.assign(document.documentElement.dataset, marks({ theme: 'system', density: 'comfortable', motion: 'system' }))
speak('system')
const target = document.getElementById('app')
if (target) mount(App, { target, props: { door: await openDoor() } })
