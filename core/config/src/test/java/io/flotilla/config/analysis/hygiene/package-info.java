@NullMarked
package io.flotilla.config.analysis.hygiene;

import org.jspecify.annotations.NullMarked;
