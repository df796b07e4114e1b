package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.spring.probe.ProbeSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A probe's settings as the endpoint shows them: without the values of headers, without the token. */
final class ProbeView {

    private ProbeView() {}

    /** @param settings null if the breaker has no probe by property */
    static Map<String, @Nullable Object> of(Duration timeout, @Nullable ProbeSettings settings) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("timeout", BreakerView.spelled(timeout));
        if (settings == null) {
            return view;
        }
        Duration interval = settings.interval();
        view.put("type", settings.type());
        view.put(
                "endpoints",
                settings.endpoints().stream().map(ProbeSettings::shown).toList());
        view.put("require", settings.require().name().toLowerCase(Locale.ROOT));
        view.put("required-successes", settings.requiredSuccesses());
        view.put("interval", interval == null ? null : BreakerView.spelled(interval));
        view.put("request-timeout", BreakerView.spelled(settings.requestTimeout()));
        view.put("max-slot-age", BreakerView.spelled(settings.maxSlotAge()));
        view.put("max-slot-lag", settings.maxSlotLag());
        view.put("method", settings.method());
        view.put("expected-status", settings.expectedStatus().stream().sorted().toList());
        view.put("headers", settings.headers().keySet().stream().sorted().toList());
        view.put("service", settings.service());
        return view;
    }
}
