/** The filters that listeners share: HTTP, TCP, access logs, tracing. */
@NullMarked
package io.flotilla.envoy.filter;

import org.jspecify.annotations.NullMarked;
