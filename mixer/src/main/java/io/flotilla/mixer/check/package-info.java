/** What proxies ask before they let a request go on: that a record of it is kept. */
@NullMarked
package io.flotilla.mixer.check;

import org.jspecify.annotations.NullMarked;
