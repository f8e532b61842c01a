import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { firstLanguage, showKeptTheme } from './app/language.tsx'
import { createServices } from './app/services.tsx'
import { loadTexts } from './texts/texts.ts'
import './style/tokens.css'
import './style/base.css'
import './style/frame.css'
import './style/parts.css'
import './style/tables.css'
import './style/market.css'
import './style/interval.css'
import './style/why.css'
import './style/home.css'
import './style/trading.css'
import './style/account.css'

showKeptTheme()
await loadTexts(firstLanguage())
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(<App services={createServices(window.location.origin)} />)
