package io.flotilla.fuzz;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The words that manifests are made of, as a dictionary for the fuzzer: kinds, fields, values of enumerations. */
final class Words {
    private static final Set<String> OTHERS = Set.of(
            "apiVersion: ", "metadata", "namespace", "labels", "spec", "---\n", "- ", ": ", "\n  ", "alg", "kid");

    private Words() {}

    static String dictionary() {
        Set<String> words = new TreeSet<>(OTHERS);
        Set<String> seen = new HashSet<>();
        for (KindInfo info : KindCatalog.all()) {
            words.add(info.kind().name());
            words.add(info.kind().group());
            if (info.shape() instanceof KindInfo.Shape.Spec spec) {
                add(spec.prototype().getDescriptorForType(), words, seen);
            }
        }
        words.remove("");
        return words.stream().map(Words::quoted).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void add(Descriptor message, Set<String> words, Set<String> seen) {
        if (!seen.add(message.getFullName())) {
            return;
        }
        for (FieldDescriptor field : message.getFields()) {
            words.add(field.getJsonName());
            switch (field.getJavaType()) {
                case MESSAGE -> add(field.getMessageType(), words, seen);
                case ENUM ->
                    field.getEnumType().getValues().stream()
                            .map(EnumValueDescriptor::getName)
                            .forEach(words::add);
                default -> {}
            }
        }
    }

    private static String quoted(String word) {
        return '"' + word.replace("\n", "\\x0A") + '"';
    }
}
