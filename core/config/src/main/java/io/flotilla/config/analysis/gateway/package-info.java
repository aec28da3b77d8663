/** Findings about Gateways: ports, hosts, certificates, workloads. */
@NullMarked
package io.flotilla.config.analysis.gateway;

import org.jspecify.annotations.NullMarked;
