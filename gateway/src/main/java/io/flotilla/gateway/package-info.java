/** The service beside an edge Envoy: bootstrap, supervision, edge certificates, drain. */
@NullMarked
package io.flotilla.gateway;

import org.jspecify.annotations.NullMarked;
