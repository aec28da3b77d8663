/** What the proxies say that they wrote and dropped. */
@NullMarked
package io.flotilla.mixer.proxy;

import org.jspecify.annotations.NullMarked;
