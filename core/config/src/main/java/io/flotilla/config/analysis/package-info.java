/** What objects mean together: findings that no object shows alone, each with a code that the catalogue explains. */
@NullMarked
package io.flotilla.config.analysis;

import org.jspecify.annotations.NullMarked;
