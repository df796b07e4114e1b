package io.tradingbreaker.spring.autoconfigure.actuate;

import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/** Hides the settings of ours that hold secrets from Actuator's endpoints, also where these may show values. */
final class SecretSettings implements SanitizingFunction {

    private static final Pattern SECRET =
            Pattern.compile("tradingbreaker.*(webhook(url|headers)|probe(endpoints|headers|token)).*");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String plain = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SECRET.matcher(plain).matches() ? data.withSanitizedValue() : data;
    }
}
