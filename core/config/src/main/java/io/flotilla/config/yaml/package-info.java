/** YAML and JSON as trees that know the line of every node; broken input is a diagnostic, never an exception. */
@NullMarked
package io.flotilla.config.yaml;

import org.jspecify.annotations.NullMarked;
