@NullMarked
package io.flotilla.config.analysis.route;

import org.jspecify.annotations.NullMarked;
