package dev.lepton.platform.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule reports the faults planted in {@code fixtures}, and only those. */
class ArchitectureRulesTests {

    private static final String FIXTURES = "dev.lepton.platform.arch.fixtures";

    @Test
    void twoPackagesThatNeedEachOtherAreReported() {
        assertThat(faults(ArchitectureRules.NO_PACKAGE_CYCLES, "cycle"))
                .singleElement()
                .asString()
                .contains("Cycle detected", FIXTURES + ".cycle.first", FIXTURES + ".cycle.second");
    }

    @Test
    void everyReadOfTheClockAndEverySleepIsReported() {
        assertThat(faults(ArchitectureRules.TIME_IS_INJECTED, "time"))
                .hasSize(8)
                .allMatch(fault -> fault.contains("ReadsTheClock."))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault).contains("java.time.Instant.now()"),
                        fault -> assertThat(fault).contains("java.time.LocalDateTime.now()"),
                        fault ->
                                assertThat(fault)
                                        .contains("java.time.LocalDate.now(java.time.Zone"),
                        fault -> assertThat(fault).contains("java.lang.System.currentTimeMillis()"),
                        fault -> assertThat(fault).contains("java.lang.System.nanoTime()"),
                        fault -> assertThat(fault).contains("java.util.Date.<init>()"),
                        fault -> assertThat(fault).contains("java.lang.Thread.sleep(long)"),
                        fault -> assertThat(fault).contains("TimeUnit.sleep(long)"));
    }

    @Test
    void aClockHandedOutAwayFromTheWiringIsReported() {
        assertThat(faults(ArchitectureRules.TIME_COMES_FROM_THE_WIRING, "time"))
                .satisfiesExactlyInAnyOrder(
                        fault ->
                                assertThat(fault)
                                        .contains("HandsOutAClock.", "java.lang.System.nanoTime()"),
                        fault ->
                                assertThat(fault)
                                        .contains(
                                                "HandsOutAClock.",
                                                "java.time.InstantSource.system()"));
    }

    @Test
    void injectedFieldsAndSettersAreReported() {
        assertThat(faults(ArchitectureRules.CONSTRUCTOR_INJECTION, "injection"))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault).contains("InjectedMembers.field", "@Autowired"),
                        fault -> assertThat(fault).contains("InjectedMembers.setting", "@Value"),
                        fault ->
                                assertThat(fault)
                                        .contains("InjectedMembers.setOther", "@Autowired"));
    }

    @Test
    void theOldJacksonIsReportedAndItsAnnotationsAreNot() {
        assertThat(faults(ArchitectureRules.NO_JACKSON_2, "jackson"))
                .isNotEmpty()
                .allMatch(fault -> fault.contains("WritesWithJackson2"))
                .allMatch(fault -> fault.contains("com.fasterxml.jackson.databind.ObjectMapper"));
    }

    @Test
    void namesThatSayNothingAreReported() {
        assertThat(faults(ArchitectureRules.TELLING_CLASS_NAMES, "naming"))
                .singleElement()
                .asString()
                .contains("naming.LeaseManager");
    }

    @Test
    void aPackageWithoutNullMarkedIsReported() {
        assertThat(faults(ArchitectureRules.NULL_MARKED_PACKAGES, "unmarked"))
                .singleElement()
                .asString()
                .contains("package " + FIXTURES + ".unmarked");
        assertThat(faults(ArchitectureRules.NULL_MARKED_PACKAGES, "naming")).isEmpty();
    }

    @Test
    void optionalFieldsAndParametersAreReportedAndResultsAreNot() {
        assertThat(faults(ArchitectureRules.NO_OPTIONAL_FIELDS, "optional"))
                .singleElement()
                .asString()
                .contains("Optionals.field");
        assertThat(faults(ArchitectureRules.NO_OPTIONAL_PARAMETERS, "optional"))
                .singleElement()
                .asString()
                .contains("Optionals.take(java.util.Optional)");
    }

    @Test
    void aServiceThatUsesAnotherOneIsReported() {
        assertThat(faults(ArchitectureRules.servicesStandAlone(FIXTURES + ".services"), "services"))
                .isNotEmpty()
                .allMatch(fault ->
                        fault.contains("gateway.UsesTheRegistry")
                                && fault.contains("registry.Leases"));
    }

    @Test
    void aClientThatKnowsAFrameworkIsReported() {
        assertThat(faults(ArchitectureRules.clientIsPlainJava(FIXTURES), "client"))
                .isNotEmpty()
                .allMatch(fault -> fault.contains("client.KnowsSpring"));
    }

    @Test
    void aClassOutsideItsModulesPackageIsReported() {
        assertThat(
                        faults(
                                ArchitectureRules.classesResideIn(FIXTURES + ".services.gateway"),
                                "services"))
                .isNotEmpty()
                .allMatch(fault -> fault.contains("registry."));
    }

    @Test
    void switchedOffTestsAreReported() {
        assertThat(faults(ArchitectureRules.NO_DISABLED_TESTS, "switchedoff"))
                .satisfiesExactlyInAnyOrder(
                        fault -> assertThat(fault).contains("SwitchedOffClass is"),
                        fault -> assertThat(fault).contains("SwitchedOffMethod.anotherDay()"));
    }

    private static List<String> faults(ArchRule rule, String fixture) {
        return rule.allowEmptyShould(true)
                .evaluate(new ClassFileImporter().importPackages(FIXTURES + "." + fixture))
                .getFailureReport()
                .getDetails();
    }
}
