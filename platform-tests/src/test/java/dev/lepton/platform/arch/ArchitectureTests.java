package dev.lepton.platform.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The product keeps its own rules. */
class ArchitectureTests {

    private static final JavaClasses PRODUCT =
            ProductModule.mainClasses(ProductModule.withMainCode());

    static final List<ArchRule> RULES = ArchitectureRules.forMainCode();

    @ParameterizedTest
    @FieldSource("RULES")
    void mainCodeKeeps(ArchRule rule) {
        rule.check(PRODUCT);
    }

    @Test
    void everyModuleHasItsClassesInItsOwnPackage() {
        for (ProductModule module : ProductModule.withMainCode()) {
            JavaClasses classes = ProductModule.mainClasses(List.of(module));

            assertThat(classes).as("classes of %s", module.name()).isNotEmpty();
            ArchitectureRules.classesResideIn(module.rootPackage()).check(classes);
        }
    }

    @Test
    void noTestIsSwitchedOff() {
        JavaClasses tests =
                ProductModule.testClasses()
                        .that(
                                DescribedPredicate.not(
                                        JavaClass.Predicates.resideInAPackage(
                                                "dev.lepton.platform.arch.fixtures..")));

        ArchitectureRules.NO_DISABLED_TESTS.check(tests);
    }
}
