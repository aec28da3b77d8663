package io.flotilla.galley.serve;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.foreign.UntypedBodies;
import io.flotilla.config.model.Kind;
import io.flotilla.discovery.ResourceSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of one kind of Mixer's with bodies of google.protobuf.Struct; only what changed is made again. */
final class UntypedResources {
    private final Kind kind;
    private ResourceSet typed = ResourceSet.EMPTY;
    private ResourceSet untyped = ResourceSet.EMPTY;

    UntypedResources(Kind kind) {
        this.kind = kind;
    }

    ResourceSet of(ResourceSet now) {
        if (now == typed) {
            return untyped;
        }
        Collections.Collection collection = Collections.of(kind).orElseThrow();
        List<io.flotilla.discovery.Resource> changed = new ArrayList<>();
        for (io.flotilla.discovery.Resource resource : now.resources()) {
            io.flotilla.discovery.@Nullable Resource before = typed.get(resource.name());
            if (before == null || !before.version().equals(resource.version())) {
                changed.add(untyped(collection, resource));
            }
        }
        List<String> gone = typed.resources().stream()
                .map(io.flotilla.discovery.Resource::name)
                .filter(name -> now.get(name) == null)
                .toList();
        untyped = untyped.with(changed, gone);
        typed = now;
        return untyped;
    }

    private static io.flotilla.discovery.Resource untyped(
            Collections.Collection collection, io.flotilla.discovery.Resource resource) {
        try {
            Resource envelope = Any.parseFrom(resource.any()).unpack(Resource.class);
            var packed =
                    io.flotilla.discovery.Resource.of(resource.name(), UntypedBodies.untyped(collection, envelope));
            return new io.flotilla.discovery.Resource(resource.name(), resource.version(), packed.any());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what is served has no envelope: " + resource.name(), e);
        }
    }
}
