@NullMarked
package io.flotilla.galley.webhook;

import org.jspecify.annotations.NullMarked;
