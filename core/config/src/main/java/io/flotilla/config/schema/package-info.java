/** From trees to protobuf messages and back, by the messages' own descriptors: strict, and with every problem at once. */
@NullMarked
package io.flotilla.config.schema;

import org.jspecify.annotations.NullMarked;
