package dev.lepton.registry.problem;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.rest.ProtocolJson;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** The protocol's JSON, read strictly, and the one place where failures become problems. */
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JsonMapperBuilderCustomizer strictProtocolJson() {
        return builder ->
                ProtocolJson.configure(builder)
                        .enable(
                                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                textual ->
                                        textual.setCoercion(
                                                        CoercionInputShape.Integer,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Float,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Boolean,
                                                        CoercionAction.Fail));
    }

    @Bean
    JsonFactoryBuilderCustomizer boundedJson() {
        return builder ->
                builder.streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(32)
                                .maxNumberLength(64)
                                .maxNameLength(1024)
                                // A thread dump is the longest text; shorter limits are the
                                // records' own.
                                .maxStringLength(BlackBox.LONGEST_THREADS)
                                .maxDocumentLength(2 * 1024 * 1024)
                                .build());
    }

    @Bean
    StartIdParameter startIdParameter() {
        return new StartIdParameter();
    }

    @Bean
    ProblemWriter problemWriter(JsonMapper json) {
        return new ProblemWriter(json);
    }
}
