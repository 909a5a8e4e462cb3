package dev.lepton.registry.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.RegistryApplication;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

class PropertyMetadataTests {

    @Test
    void everyComponentOfTheSettingsIsAmongThem() throws Exception {
        List<String> components =
                settings().flatMap(PropertyMetadataTests::properties).sorted().toList();

        assertThat(components).contains("lepton.lease.duration", "lepton.postgres.start");
        assertThat(PropertyMetadata.ofThisModule()).containsKeys(components.toArray(String[]::new));
    }

    /** All of the module, wherever they stand. */
    private static Stream<Class<?>> settings() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scanner.findCandidateComponents(RegistryApplication.class.getPackageName()).stream()
                .map(found -> ClassUtils.resolveClassName(found.getBeanClassName(), null));
    }

    private static Stream<String> properties(Class<?> settings) {
        String prefix = settings.getAnnotation(ConfigurationProperties.class).value();
        return Stream.of(settings.getRecordComponents())
                .map(RecordComponent::getName)
                .map(DataObjectPropertyName::toDashedForm)
                .map(name -> prefix + "." + name);
    }
}
