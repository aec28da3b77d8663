/** Certificates of an edge: read from files, served over SDS. */
@NullMarked
package io.flotilla.gateway.secret;

import org.jspecify.annotations.NullMarked;
