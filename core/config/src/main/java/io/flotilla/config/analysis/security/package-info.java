/** Findings about mutual TLS, authentication and authorization. */
@NullMarked
package io.flotilla.config.analysis.security;

import org.jspecify.annotations.NullMarked;
