package dev.lepton.registry.desired;

import dev.lepton.client.desired.DesiredWish;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses text that PostgreSQL cannot keep or that is unsafe to show. */
final class StorableText {

    private StorableText() {}

    /**
     * @throws WishInvalid naming the field
     */
    static void require(DesiredWish wish) {
        String reason = wish.reason();
        if (reason != null && reason.chars().anyMatch(Character::isISOControl)) {
            throw new WishInvalid("'reason' must not contain control characters");
        }
        if (holdsNul(wish.spec())) {
            throw new WishInvalid("'spec' must not contain the character U+0000");
        }
    }

    private static boolean holdsNul(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case String text -> text.indexOf('\0') >= 0;
            case Map<?, ?> map ->
                    map.keySet().stream().anyMatch(StorableText::holdsNul)
                            || map.values().stream().anyMatch(StorableText::holdsNul);
            case Collection<?> list -> list.stream().anyMatch(StorableText::holdsNul);
            default -> false;
        };
    }
}
