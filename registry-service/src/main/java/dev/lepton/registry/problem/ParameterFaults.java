package dev.lepton.registry.problem;

import org.springframework.beans.TypeMismatchException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Says what is wrong with a part of the path or of the query. */
final class ParameterFaults {

    private ParameterFaults() {}

    static String describe(TypeMismatchException fault) {
        String name =
                fault instanceof MethodArgumentTypeMismatchException argument
                        ? argument.getName()
                        : fault.getPropertyName();
        String rule = OwnRules.messageIn(fault);
        return rule != null
                ? "'%s': %s".formatted(name, rule)
                : "'%s' must be %s".formatted(name, Expectations.of(fault.getRequiredType()));
    }
}
