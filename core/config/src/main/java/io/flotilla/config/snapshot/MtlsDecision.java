package io.flotilla.config.snapshot;

import io.flotilla.config.model.Clause;
import java.util.Optional;

/**
 * What a port accepts, and what says so.
 *
 * @param by empty where nothing says it: the mesh's default
 */
public record MtlsDecision(MtlsMode mode, Optional<Clause> by) {}
