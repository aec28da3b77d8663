package io.flotilla.config.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BuiltInsTest {
    @Test
    void everyAdapterAndTemplateIsAKindWithACollection() {
        Stream.concat(Adapters.names().stream(), Templates.names().stream()).forEach(name -> {
            assertThat(KindCatalog.find("config.istio.io/v1alpha2", name))
                    .as(name)
                    .hasValueSatisfying(kind -> assertThat(kind.shape()).isInstanceOf(Shape.Spec.class));
            assertThat(Collections.of("config.istio.io/v1alpha2/" + name))
                    .as(name)
                    .isPresent();
        });
    }

    @Test
    void everyKindOfTheClassicGroupsHasACollection() {
        KindCatalog.all().stream()
                .map(info -> info.kind())
                .filter(kind -> List.of("config.istio.io", "rbac.istio.io", "authentication.istio.io")
                        .contains(kind.group()))
                .forEach(kind ->
                        assertThat(Collections.of(kind)).as(kind.toString()).isPresent());
        assertThat(Collections.typeUrls()).doesNotHaveDuplicates();
        assertThat(Collections.proxyTypeUrls())
                .contains("rbac.istio.io/v1alpha1/ServiceRole", "config.istio.io/v1alpha2/QuotaSpec")
                .doesNotContain("config.istio.io/v1alpha2/rule", "config.istio.io/v1alpha2/memquota");
    }

    @Test
    void adaptersTakeOnlyTemplatesThatThereAre() {
        assertThat(Adapters.all())
                .allSatisfy(adapter -> assertThat(Templates.names()).containsAll(adapter.templates()));
        Template quota = Templates.find("quota").orElseThrow();
        assertThat(Adapters.all().stream().filter(adapter -> adapter.takes(quota)))
                .extracting(Adapter::name)
                .containsExactly("bypass", "denier", "memquota", "noop", "redisquota");
    }

    /** The rules walk both messages at once, by number. */
    @Test
    void everyFieldOfATemplateIsAnExpressionOfTheSameNameAndNumber() {
        Templates.all()
                .forEach(template -> same(template.fields(), template.instance().getDescriptorForType()));
    }

    private static void same(Descriptor types, Descriptor expressions) {
        for (FieldDescriptor type : types.getFields()) {
            FieldDescriptor expression = expressions.findFieldByName(type.getName());
            assertThat(expression).as(type.getFullName()).isNotNull();
            assertThat(expression.getNumber()).as(type.getFullName()).isEqualTo(type.getNumber());
            assertThat(expression.isMapField()).as(type.getFullName()).isEqualTo(type.isMapField());
            if (!type.isMapField() && expression.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                same(type.getMessageType(), expression.getMessageType());
            }
        }
    }
}
