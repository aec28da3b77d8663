/** What an object must be beyond its types: the rules that Istio and Kubernetes enforce on single objects. */
@NullMarked
package io.flotilla.config.validate;

import org.jspecify.annotations.NullMarked;
