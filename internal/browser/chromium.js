// Chromium, as internal/tools/chromium.sh finds it.
import { chromium } from 'playwright-core'

/**
 * Starts a browser without a window. It is without its sandbox, which root and many containers cannot have: it opens
 * pages of this machine alone.
 */
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
