package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.spring.desk.HookRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The latest calls of a breaker's hooks as the endpoint shows them. */
final class HookView {

    private HookView() {}

    static List<Map<String, @Nullable Object>> of(List<HookRun> runs) {
        return runs.stream().map(HookView::of).toList();
    }

    private static Map<String, @Nullable Object> of(HookRun run) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("name", run.hook());
        view.put("event", run.event().code());
        view.put("at", run.at().toString());
        view.put("millis", run.took().toNanos() / 1e6);
        view.put("result", run.result().code());
        view.put("detail", run.detail());
        return view;
    }
}
