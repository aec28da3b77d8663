package io.flotilla.e2e.house;

import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings that a service's classes and its application.properties read: name to default, empty where none. */
final class DeclaredSettings {
    private static final String CONFIG = "io.smallrye.config.";
    private static final String PROPERTY = "org.eclipse.microprofile.config.inject.ConfigProperty";
    private static final Pattern GIVEN = Pattern.compile("(?m)^(flotilla\\.[\\w.-]+)=(.*)$");
    private static final Pattern READ = Pattern.compile("\\$\\{(flotilla\\.[\\w.-]+):([^}]*)}");

    private final Map<String, String> found = new TreeMap<>();

    private DeclaredSettings() {}

    static Map<String, String> of(String module) throws IOException {
        Path classes = SourceTree.ROOT.resolve(module).resolve("target/classes");
        JavaClasses all = new ClassFileImporter().importPath(classes);
        DeclaredSettings settings = new DeclaredSettings();
        for (JavaClass each : all) {
            annotation(each, CONFIG + "ConfigMapping")
                    .ifPresent(mapping -> settings.group(each, value(mapping, "prefix")));
            each.getCodeUnits().stream()
                    .flatMap(unit -> unit.getParameters().stream())
                    .forEach(settings::property);
            each.getFields().forEach(settings::property);
        }
        String properties =
                Files.readString(SourceTree.ROOT.resolve(module).resolve("src/main/resources/application.properties"));
        for (Pattern pattern : new Pattern[] {GIVEN, READ}) {
            Matcher matcher = pattern.matcher(properties);
            while (matcher.find()) {
                settings.found.put(matcher.group(1), matcher.group(2));
            }
        }
        return settings.found;
    }

    private void property(HasAnnotations<?> place) {
        annotation(place, PROPERTY)
                .ifPresent(property -> found.putIfAbsent(value(property, "name"), value(property, "defaultValue")));
    }

    private void group(JavaClass group, String prefix) {
        for (JavaMethod method : group.getMethods()) {
            String name = annotation(method, CONFIG + "WithName")
                    .map(named -> value(named, "value"))
                    .orElseGet(() -> dashed(method.getName()));
            String path = annotation(method, CONFIG + "WithParentName").isPresent() ? prefix : prefix + "." + name;
            JavaClass type = method.getRawReturnType();
            if (ours(type)) {
                group(type, path);
            } else if (type.isAssignableTo(Map.class)
                    && method.getReturnType() instanceof JavaParameterizedType map
                    && ours(last(map).toErasure())) {
                group(last(map).toErasure(), path + ".NAME");
            } else {
                found.put(
                        path,
                        annotation(method, CONFIG + "WithDefault")
                                .map(given -> value(given, "value"))
                                .orElse(""));
            }
        }
    }

    private static boolean ours(JavaClass type) {
        return type.isInterface() && type.getPackageName().startsWith("io.flotilla");
    }

    private static JavaType last(JavaParameterizedType type) {
        return type.getActualTypeArguments().getLast();
    }

    private static Optional<? extends JavaAnnotation<?>> annotation(HasAnnotations<?> place, String type) {
        return place.getAnnotations().stream()
                .filter(each -> each.getRawType().getName().equals(type))
                .findFirst();
    }

    private static String value(JavaAnnotation<? extends HasDescription> annotation, String name) {
        return annotation.get(name).map(Object::toString).orElse("");
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
