/** Findings about DestinationRules: hosts, subsets, TLS to servers. */
@NullMarked
package io.flotilla.config.analysis.destination;

import org.jspecify.annotations.NullMarked;
