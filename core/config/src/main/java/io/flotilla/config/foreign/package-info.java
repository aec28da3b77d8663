/** What Galley serves to readers of another make: type URLs, collections and registry as they know them. */
@NullMarked
package io.flotilla.config.foreign;

import org.jspecify.annotations.NullMarked;
