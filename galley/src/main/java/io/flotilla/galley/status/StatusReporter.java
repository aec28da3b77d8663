package io.flotilla.galley.status;

import com.google.protobuf.Struct;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.state.Publisher;
import java.util.Map;

/**
 * Says what the status of objects is to be. Every bean of this type is asked after each change, on the thread that
 * publishes; what differs from before, or is of an object that changed, is written by the elected replica.
 */
public interface StatusReporter {
    /**
     * Object to its status; others of the same object are joined by field. Conditions need type, status, reason and
     * message: observedGeneration and lastTransitionTime are added, and conditions of other types stay as they are. Of
     * "parents" and "ancestors" the entries of other controllers stay.
     */
    Map<ObjectKey, Struct> statuses(Publisher.Outcome outcome);
}
