package io.flotilla.galley.status;

import com.google.protobuf.Struct;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.state.Publisher;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.TreeMap;

/** The status of objects of the Gateway API and of Ingresses, as their translation says it. */
@ApplicationScoped
class DerivedStatuses implements StatusReporter {
    @Override
    public Map<ObjectKey, Struct> statuses(Publisher.Outcome outcome) {
        Map<ObjectKey, Struct> statuses = new TreeMap<>();
        outcome.held().derived().statuses().forEach(each -> statuses.put(each.key(), each.status()));
        return statuses;
    }
}
