package dev.lepton.registry.problem;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what is wrong with a JSON body: which field, and what it should be. */
final class JsonFaults {

    private JsonFaults() {}

    static String describe(@Nullable Throwable fault) {
        return switch (fault) {
            case null -> "the body is missing";
            case UnrecognizedPropertyException unknown ->
                    "unknown field '%s'".formatted(path(unknown));
            case ValueInstantiationException invalid -> invalid(invalid);
            case MismatchedInputException mismatch -> mismatch(mismatch);
            case StreamConstraintsException _ ->
                    "the body is JSON that is nested too deeply, or holds too long a name, number or text";
            case InputCoercionException number -> expected(number, number.getTargetType());
            case StreamReadException malformed ->
                    "the body is not valid JSON at line %d, column %d"
                            .formatted(
                                    malformed.getLocation().getLineNr(),
                                    malformed.getLocation().getColumnNr());
            case JacksonException other -> "the body cannot be read" + at(other);
            default -> "the body cannot be read";
        };
    }

    private static String invalid(ValueInstantiationException invalid) {
        String rule = OwnRules.messageIn(invalid);
        if (rule == null) {
            return "the value%s is not valid".formatted(at(invalid));
        }
        return invalid.getPath().isEmpty() ? rule : path(invalid) + ": " + rule;
    }

    private static String mismatch(MismatchedInputException mismatch) {
        String rule = OwnRules.messageIn(mismatch);
        if (rule != null) {
            return mismatch.getPath().isEmpty() ? rule : path(mismatch) + ": " + rule;
        }
        String message = mismatch.getOriginalMessage();
        if (message.startsWith("Trailing token")) {
            return "the body holds more than one JSON value";
        }
        if (message.startsWith("No content to map")) {
            return "the body is missing";
        }
        return expected(mismatch, mismatch.getTargetType());
    }

    private static String expected(JacksonException fault, @Nullable Class<?> type) {
        String what = fault.getPath().isEmpty() ? "the body" : "'" + path(fault) + "'";
        return what + " must be " + Expectations.of(type);
    }

    private static String at(JacksonException fault) {
        return fault.getPath().isEmpty() ? "" : " of '" + path(fault) + "'";
    }

    private static String path(JacksonException fault) {
        return fault.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null
                                ? "[" + step.getIndex() + "]"
                                : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
