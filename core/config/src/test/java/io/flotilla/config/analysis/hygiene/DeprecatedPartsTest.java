package io.flotilla.config.analysis.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.config.feed.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeprecatedPartsTest {
    @Test
    void aMessageWhosePartHasADeprecatedValueHasIt() {
        assertThat(DeprecatedParts.in(DestinationRule.getDescriptor())).isTrue();
        assertThat(DeprecatedParts.in(WorkloadEntry.getDescriptor())).isFalse();
    }

    @Test
    void itIsSaidOfEveryMessageAboveADeprecatedFieldOrValue() {
        Set<Descriptor> all = new HashSet<>();
        Collections.ALL.forEach(each -> gather(each.message().getDescriptorForType(), all));
        assertThat(all).anyMatch(DeprecatedParts::in);
        for (Descriptor type : all) {
            boolean here = type.getFields().stream()
                    .anyMatch(field -> field.getOptions().getDeprecated()
                            || (field.getJavaType() == FieldDescriptor.JavaType.ENUM
                                    && field.getEnumType().getValues().stream()
                                            .anyMatch(
                                                    value -> value.getOptions().getDeprecated())));
            boolean below = type.getFields().stream()
                    .anyMatch(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                            && !field.getMessageType().equals(type)
                            && DeprecatedParts.in(field.getMessageType()));
            assertThat(DeprecatedParts.in(type)).as(type.getFullName()).isEqualTo(here || below);
        }
    }

    private static void gather(Descriptor type, Set<Descriptor> all) {
        if (all.add(type)) {
            type.getFields().stream()
                    .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                    .forEach(field -> gather(field.getMessageType(), all));
        }
    }
}
