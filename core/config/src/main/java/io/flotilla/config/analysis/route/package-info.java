/** Findings about VirtualServices: hosts, rules, matches, weights, retries. */
@NullMarked
package io.flotilla.config.analysis.route;

import org.jspecify.annotations.NullMarked;
