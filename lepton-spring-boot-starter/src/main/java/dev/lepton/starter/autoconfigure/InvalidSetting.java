package dev.lepton.starter.autoconfigure;

import org.springframework.boot.ExitCodeGenerator;

/**
 * A setting breaks its rule; the start ends with exit code 78 (EX_CONFIG), by which a supervisor
 * knows that starting again will not help.
 */
final class InvalidSetting extends IllegalArgumentException implements ExitCodeGenerator {

    private static final int BAD_CONFIGURATION = 78;

    /**
     * @param property the setting's name
     * @param value as given; null when it is missing
     * @param rule what it must be, as the end of the sentence
     */
    InvalidSetting(String property, Object value, String rule) {
        super("'%s' %s %s".formatted(property, value, rule));
    }

    InvalidSetting(String property, String value, IllegalArgumentException cause) {
        super("'%s' %s is refused: %s".formatted(property, value, cause.getMessage()), cause);
    }

    @Override
    public int getExitCode() {
        return BAD_CONFIGURATION;
    }
}
