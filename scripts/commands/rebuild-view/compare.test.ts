import { type Comparison, compareGenerations } from "./compare";
import { nameOf, type ViewRow, type ViewService } from "./view";

const PAGE = 1000;

/** How far the order is of either generation; nothing where one does not have it. */
type Sight = readonly [serving: number | undefined, built: number | undefined];

function row(generation: number, index: number, sequence: number): ViewRow {
  const sequences = { order: sequence, fulfilment: 0 };
  return { ...{ generation, sequences, ends: false }, principal: `user-${index % 7}`, orderId: `o-${index}` };
}

/** A view that is made up as it is read, and what is held of it at most. */
function viewOf(orders: number, sight: (index: number) => Sight) {
  let rowsAtOnce = 0;
  const find = (generation: number, { orderId }: Pick<ViewRow, "orderId">) => {
    const index = Number(orderId.slice(2));
    const sequence = sight(index)[generation - 1];
    return sequence === undefined ? undefined : row(generation, index, sequence);
  };
  const view: Pick<ViewService, "counterparts" | "pages" | "row"> = {
    async *pages() {
      for (const generation of [1, 2]) {
        for (let from = 0; from < orders; from += PAGE) {
          const indexes = Array.from({ length: Math.min(PAGE, orders - from) }, (_, index) => from + index);
          yield indexes.flatMap((index) => find(generation, { orderId: `o-${index}` }) ?? []);
        }
      }
      yield [row(3, 0, 1)];
    },
    async counterparts(generation, rows) {
      rowsAtOnce = Math.max(rowsAtOnce, rows.length);
      return rows.map((it) => find(generation, it));
    },
    row: async (generation, it) => find(generation, it),
  };
  return { view, rowsAtOnce: () => rowsAtOnce };
}

async function compare(view: Pick<ViewService, "counterparts" | "pages" | "row">) {
  const lacking: string[] = [];
  const read: number[] = [];
  const comparison = await compareGenerations(view, 1, 2, {
    lacking: async (it) => void lacking.push(nameOf(it)),
    read: (rows) => void read.push(rows),
  });
  return { comparison, lacking, read };
}

test.each<[string, Sight, Omit<Comparison, "serving" | "built">, boolean]>([
  ["as far in both", [2, 2], { same: 1, ahead: 0, behind: 0, missing: 0 }, false],
  ["further in the one that was built", [1, 2], { same: 0, ahead: 1, behind: 0, missing: 0 }, false],
  ["in the one that was built alone", [undefined, 1], { same: 0, ahead: 1, behind: 0, missing: 0 }, false],
  ["further in the one that serves", [2, 1], { same: 0, ahead: 0, behind: 1, missing: 0 }, true],
  ["in the one that serves alone", [1, undefined], { same: 0, ahead: 0, behind: 0, missing: 1 }, true],
])("an order that is %s", async (_what, sight, counts, lacks) => {
  const { comparison, lacking } = await compare(viewOf(1, () => sight).view);
  const [serving, built] = sight.map((sequence) => (sequence === undefined ? 0 : 1));
  expect(comparison).toEqual({ serving, built, ...counts });
  expect(lacking).toEqual(lacks ? ["o-0 user-0"] : []);
});

test("what seems to lack something is looked at once more", async () => {
  const { view } = viewOf(1, () => [2, 2]);
  // It was written between the two looks.
  const counterparts: ViewService["counterparts"] = async (generation, rows) =>
    generation === 2 ? rows.map(() => undefined) : view.counterparts(generation, rows);
  const { comparison, lacking } = await compare({ ...view, counterparts });
  expect(comparison).toMatchObject({ same: 1, missing: 0 });
  expect(lacking).toEqual([]);
});

test("of many orders, a page is held at once", async () => {
  const { view, rowsAtOnce } = viewOf(50_000, (index) => (index % 10_000 === 5 ? [2, 1] : [1, 1]));
  const { comparison, lacking, read } = await compare(view);
  expect(comparison).toEqual({
    ...{ serving: 50_000, built: 50_000, same: 49_995, ahead: 0, behind: 5, missing: 0 },
  });
  expect(lacking).toHaveLength(5);
  expect(rowsAtOnce()).toBe(PAGE);
  expect(read.at(-1)).toBe(100_001);
});
