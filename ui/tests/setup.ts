import '@testing-library/jest-dom/vitest'

// There is no layout here, so nothing changes its size.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
