package io.flotilla.envoy.patch;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One patch on a list of things of one type.
 *
 * @param patch     whose value is of that type
 * @param chosen    the members that it is about
 * @param choosy    the match says which member; without that, INSERT_BEFORE is first and INSERT_AFTER last
 */
record ListEdit<T extends Message>(Patch patch, Predicate<T> chosen, boolean choosy) {
    /**
     * The list afterwards; the same object where nothing changed.
     *
     * @param last where ADD puts a new member
     */
    List<T> apply(List<T> items, int last) {
        return switch (patch.operation()) {
            case MERGE, MERGE_AND_REPLACE_LIST, REPLACE, REMOVE -> each(items);
            case ADD -> inserted(items, last);
            case INSERT_FIRST -> inserted(items, 0);
            case INSERT_BEFORE -> choosy ? beside(items, 0) : inserted(items, 0);
            case INSERT_AFTER -> choosy ? beside(items, 1) : inserted(items, last);
            case INVALID, UNRECOGNIZED -> items;
        };
    }

    private List<T> each(List<T> items) {
        if (items.stream().noneMatch(chosen)) {
            return items;
        }
        List<T> changed = new ArrayList<>(items.size());
        for (T item : items) {
            if (!chosen.test(item)) {
                changed.add(item);
            } else if (patch.merges()) {
                changed.add(merged(item));
            } else if (patch.value().getDescriptorForType() == item.getDescriptorForType()) {
                changed.add(value());
            }
        }
        return changed;
    }

    private T merged(T item) {
        return new Merging(patch.operation()
                        == io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation.MERGE_AND_REPLACE_LIST)
                .merge(item, patch.value());
    }

    private List<T> beside(List<T> items, int offset) {
        for (int i = 0; i < items.size(); i++) {
            if (chosen.test(items.get(i))) {
                return inserted(items, i + offset);
            }
        }
        return items;
    }

    private List<T> inserted(List<T> items, int index) {
        List<T> changed = new ArrayList<>(items);
        changed.add(index, value());
        return changed;
    }

    @SuppressWarnings("unchecked") // the reader of patches makes the type by what the patch applies to
    private T value() {
        return (T) patch.value();
    }
}
