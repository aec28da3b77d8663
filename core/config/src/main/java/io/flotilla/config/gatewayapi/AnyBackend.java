package io.flotilla.config.gatewayapi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.api.gatewayapi.v1.BackendReference;
import io.flotilla.api.gatewayapi.v1.GRPCBackend;
import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;

/** The backends of HTTP and gRPC rules, as what they have in common with all others; filters are left behind. */
public final class AnyBackend {
    private AnyBackend() {}

    /** An HTTPBackend, a GRPCBackend or a WeightedBackend, without its filters. */
    public static WeightedBackend weighted(Message backend) {
        return shared(backend, WeightedBackend.newBuilder()).build();
    }

    /** The same without its weight. */
    public static BackendReference reference(WeightedBackend backend) {
        return shared(backend, BackendReference.newBuilder()).build();
    }

    static HTTPBackend.Builder http(GRPCBackend backend) {
        return shared(backend, HTTPBackend.newBuilder());
    }

    /** Single fields that both have, by name; one that is not set stays so. */
    private static <B extends Message.Builder> B shared(Message from, B to) {
        for (FieldDescriptor field : to.getDescriptorForType().getFields()) {
            FieldDescriptor same = from.getDescriptorForType().findFieldByName(field.getName());
            if (!field.isRepeated() && same != null && from.hasField(same)) {
                to.setField(field, from.getField(same));
            }
        }
        return to;
    }
}
