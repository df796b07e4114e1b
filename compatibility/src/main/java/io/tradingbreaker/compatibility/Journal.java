package io.tradingbreaker.compatibility;

import io.tradingbreaker.Transition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Keeps the transitions that came as Spring events. */
@Component
public class Journal {

    private final List<Transition> transitions = new CopyOnWriteArrayList<>();

    @EventListener
    void on(Transition transition) {
        transitions.add(transition);
    }

    public List<Transition> transitions() {
        return List.copyOf(transitions);
    }
}
