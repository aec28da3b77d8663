package io.flotilla.config.mixer;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.Optional;

/**
 * A template that is built in: what an adapter is given.
 *
 * @param name     in "compiledTemplate", and the kind of the shorthand
 * @param variety  when it is made
 * @param fields   its fields, with the types that their expressions must have
 * @param instance the default instance of the same fields as expressions: how it is written
 * @param output   what the adapter answers with, of attribute generators
 */
public record Template(String name, Variety variety, Descriptor fields, Message instance, Optional<Descriptor> output) {
    /** When instances of a template are made. */
    public enum Variety {
        CHECK,
        QUOTA,
        REPORT,
        ATTRIBUTE_GENERATOR
    }
}
