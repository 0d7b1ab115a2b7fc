/** A headless browser as a viewer: {@link io.millrace.testkit.browser.ChromiumPage}. */
package io.millrace.testkit.browser;
