package dev.lepton.platform.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The rules that main code keeps ({@code docs/build.md} tells them in words). */
final class ArchitectureRules {

    /** Two packages that need each other are one package, or one of them has a class too many. */
    static final ArchRule NO_PACKAGE_CYCLES =
            slices().assignedFrom(eachPackage()).should().beFreeOfCycles();

    /** Code that reads the clock or sleeps cannot be tested without real time. */
    static final ArchRule TIME_IS_INJECTED =
            classes().should(notReadTheClockNorSleep()).as("time is injected");

    /** Only what puts the parts together hands out {@code System::nanoTime} or a clock. */
    static final ArchRule TIME_COMES_FROM_THE_WIRING =
            classes()
                    .that(areNotWiring())
                    .should(notHandOutAClock())
                    .as("clocks are handed out by configuration classes and main classes alone");

    static final ArchRule CONSTRUCTOR_INJECTION =
            noMembers()
                    .should()
                    .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                    .orShould()
                    .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                    .orShould()
                    .beAnnotatedWith("jakarta.inject.Inject")
                    .orShould()
                    .beAnnotatedWith("jakarta.annotation.Resource")
                    .as("dependencies are constructor parameters");

    /** Jackson 3 is {@code tools.jackson}; only the annotations kept the old name. */
    static final ArchRule NO_JACKSON_2 =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..");

    static final ArchRule TELLING_CLASS_NAMES =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)")
                    .as("class names say what the class is");

    static final ArchRule NULL_MARKED_PACKAGES =
            classes().should(resideInANullMarkedPackage()).as("every package is @NullMarked");

    static final ArchRule NO_OPTIONAL_FIELDS =
            noFields().should().haveRawType(Optional.class).as("no field is Optional");

    static final ArchRule NO_OPTIONAL_PARAMETERS =
            classes().should(takeNoOptional()).as("no parameter is Optional");

    /** Services talk over the network; the starter and the client know none of them. */
    static final ArchRule SERVICES_STAND_ALONE = servicesStandAlone("dev.lepton");

    static final ArchRule CLIENT_IS_PLAIN_JAVA = clientIsPlainJava("dev.lepton");

    /** For test classes: a test that does not hold is repaired or removed. */
    static final ArchRule NO_DISABLED_TESTS =
            classes().should(notBeSwitchedOff()).as("no test is switched off");

    private static final Set<String> SERVICES =
            Set.of("registry", "gateway", "supervisor", "worker", "cli");

    private static final Set<String> WIRING_ANNOTATIONS =
            Set.of(
                    "org.springframework.context.annotation.Configuration",
                    "org.springframework.boot.autoconfigure.AutoConfiguration",
                    "org.springframework.boot.autoconfigure.SpringBootApplication");

    /** What puts a program without Spring together. */
    private static final Set<String> WIRING_WITHOUT_SPRING =
            Set.of(
                    "dev.lepton.cli.running.Surroundings",
                    "dev.lepton.registry.postgres.PostgresMain");

    private ArchitectureRules() {}

    static ArchRule servicesStandAlone(String root) {
        return classes()
                .should(useNoOtherService(root))
                .as("no module uses the classes of a service module");
    }

    static ArchRule clientIsPlainJava(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "jakarta..", "java.sql..", "javax.sql..")
                .as("the client knows neither a database nor a web framework");
    }

    /** The module's classes stay in its own package, or the rules above would not see them. */
    static ArchRule classesResideIn(String rootPackage) {
        return classes().should().resideInAPackage(rootPackage + "..").allowEmptyShould(true);
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return javaClass.getPackageName().startsWith("dev.lepton")
                        ? SliceIdentifier.of(javaClass.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    private static ArchCondition<JavaClass> notReadTheClockNorSleep() {
        return condition(
                "not read the clock nor sleep",
                (javaClass, events) ->
                        Stream.concat(
                                        javaClass.getMethodCallsFromSelf().stream(),
                                        javaClass.getConstructorCallsFromSelf().stream())
                                .filter(call -> readsTheClockOrSleeps(call.getTarget()))
                                .forEach(call -> report(events, javaClass, call)));
    }

    private static ArchCondition<JavaClass> notHandOutAClock() {
        return condition(
                "not hand out a clock",
                (javaClass, events) -> {
                    javaClass.getMethodReferencesFromSelf().stream()
                            .filter(reference -> readsTheClockOrSleeps(reference.getTarget()))
                            .forEach(reference -> report(events, javaClass, reference));
                    javaClass.getMethodCallsFromSelf().stream()
                            .filter(call -> makesAClock(call.getTarget()))
                            .forEach(call -> report(events, javaClass, call));
                });
    }

    private static boolean readsTheClockOrSleeps(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "currentTimeMillis", "nanoTime" -> owner.isEquivalentTo(System.class);
            case "sleep" ->
                    owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class);
            case "now" ->
                    owner.getPackageName().startsWith("java.time")
                            && target.getRawParameterTypes().stream()
                                    .noneMatch(type -> type.isEquivalentTo(Clock.class));
            case "<init>" ->
                    owner.isEquivalentTo(Date.class) && target.getRawParameterTypes().isEmpty();
            default -> false;
        };
    }

    private static boolean makesAClock(CodeUnitAccessTarget target) {
        return (target.getOwner().isEquivalentTo(Clock.class)
                        || target.getOwner().isEquivalentTo(InstantSource.class))
                && (target.getName().startsWith("system") || target.getName().startsWith("tick"));
    }

    /** Not wiring, and not of the client: a library whose users do not wire it themselves. */
    private static DescribedPredicate<JavaClass> areNotWiring() {
        return describe(
                "are not wiring",
                javaClass ->
                        !javaClass.getPackageName().startsWith("dev.lepton.client")
                                && !isWiring(javaClass.getBaseComponentType()));
    }

    private static boolean isWiring(JavaClass javaClass) {
        return WIRING_WITHOUT_SPRING.contains(javaClass.getName())
                || WIRING_ANNOTATIONS.stream().anyMatch(javaClass::isAnnotatedWith)
                || javaClass.getMethods().stream().anyMatch(ArchitectureRules::isMain)
                || javaClass.getEnclosingClass().map(ArchitectureRules::isWiring).orElse(false);
    }

    private static boolean isMain(JavaMember member) {
        return member.getName().equals("main")
                && member.getModifiers().contains(JavaModifier.STATIC);
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return condition(
                "reside in a @NullMarked package",
                (javaClass, events) -> {
                    if (!javaClass
                            .getPackage()
                            .isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        javaClass,
                                        "package %s of %s has no package-info with @NullMarked"
                                                .formatted(
                                                        javaClass.getPackageName(),
                                                        javaClass.getSimpleName())));
                    }
                });
    }

    private static ArchCondition<JavaClass> takeNoOptional() {
        return condition(
                "take no Optional",
                (javaClass, events) ->
                        javaClass.getCodeUnits().stream()
                                .filter(unit ->
                                        !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                                .filter(unit ->
                                        unit.getRawParameterTypes().stream()
                                                .anyMatch(type ->
                                                        type.isEquivalentTo(Optional.class)))
                                .forEach(unit ->
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        unit,
                                                        unit.getFullName()
                                                                + " takes an Optional"))));
    }

    private static ArchCondition<JavaClass> useNoOtherService(String root) {
        return condition(
                "use no other service's classes",
                (javaClass, events) ->
                        javaClass.getDirectDependenciesFromSelf().stream()
                                .filter(dependency -> {
                                    String used = part(root, dependency.getTargetClass());
                                    return SERVICES.contains(used)
                                            && !used.equals(part(root, javaClass));
                                })
                                .forEach(dependency ->
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        javaClass, dependency.getDescription()))));
    }

    /** The first name after the root package; empty for a class outside of it. */
    private static String part(String root, JavaClass javaClass) {
        String name = javaClass.getPackageName() + ".";
        return name.startsWith(root + ".")
                ? name.substring(root.length() + 1, name.indexOf('.', root.length() + 1))
                : "";
    }

    private static ArchCondition<JavaClass> notBeSwitchedOff() {
        String disabled = "org.junit.jupiter.api.Disabled";
        return condition(
                "not be @Disabled",
                (javaClass, events) -> {
                    if (javaClass.isAnnotatedWith(disabled)) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        javaClass, javaClass.getName() + " is @Disabled"));
                    }
                    javaClass.getMethods().stream()
                            .filter(method -> method.isAnnotatedWith(disabled))
                            .forEach(method ->
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    method,
                                                    method.getFullName() + " is @Disabled")));
                });
    }

    private static void report(ConditionEvents events, JavaClass javaClass, JavaAccess<?> access) {
        events.add(SimpleConditionEvent.violated(javaClass, access.getDescription()));
    }

    private interface Check {
        void check(JavaClass javaClass, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                check.check(javaClass, events);
            }
        };
    }

    /** All rules for main code. */
    static List<ArchRule> forMainCode() {
        return List.of(
                NO_PACKAGE_CYCLES,
                TIME_IS_INJECTED,
                TIME_COMES_FROM_THE_WIRING,
                CONSTRUCTOR_INJECTION,
                NO_JACKSON_2,
                TELLING_CLASS_NAMES,
                NULL_MARKED_PACKAGES,
                NO_OPTIONAL_FIELDS,
                NO_OPTIONAL_PARAMETERS,
                SERVICES_STAND_ALONE,
                CLIENT_IS_PLAIN_JAVA);
    }
}
