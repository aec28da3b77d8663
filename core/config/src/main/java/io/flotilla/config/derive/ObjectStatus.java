package io.flotilla.config.derive;

import com.google.protobuf.Struct;
import io.flotilla.config.model.ObjectKey;

/**
 * What is to be written into the status of an object. Conditions have type, status, reason and message; whoever writes
 * them adds observedGeneration, and lastTransitionTime where the status changes. In lists of parents and ancestors the
 * entries of other controllers stay.
 *
 * @param key    the object
 * @param status what its "status" gets
 */
public record ObjectStatus(ObjectKey key, Struct status) {}
