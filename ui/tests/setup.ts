import { configure } from '@testing-library/dom'
import '@testing-library/jest-dom/vitest'
import { afterEach } from 'vitest'

// There is no layout here, so nothing changes its size.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

// What a window keeps for the next is not the next test's.
afterEach(() => localStorage.clear())

// A busy machine is slow, and no defect: what never comes is noticed all the same.
configure({ asyncUtilTimeout: 15_000 })
