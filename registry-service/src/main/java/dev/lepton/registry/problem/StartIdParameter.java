package dev.lepton.registry.problem;

import dev.lepton.client.unit.StartId;
import org.springframework.core.convert.converter.Converter;

/**
 * Reads a start-id from a path or a query, which Spring cannot do by itself from a record of a
 * UUID.
 */
final class StartIdParameter implements Converter<String, StartId> {

    @Override
    public StartId convert(String text) {
        return StartId.parse(text);
    }
}
