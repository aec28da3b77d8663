/** What the suite serves over HTTP. */
@NullMarked
package io.flotilla.service.https;

import org.jspecify.annotations.NullMarked;
