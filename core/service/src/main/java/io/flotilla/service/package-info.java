/** What every service of the suite needs to speak with the others: an identity, mutual TLS, gRPC with limits. */
@NullMarked
package io.flotilla.service;

import org.jspecify.annotations.NullMarked;
