import { useDebounced } from "../ui/use-debounced";
import { useFilterMatches, type FilterOwner } from "./ask";

/** How many records a filter finds now, and the first of them. */
export function Matches({ owner, text }: { owner: FilterOwner; text: string | undefined }) {
  const asked = useDebounced(text ?? "", 600);
  const { data, error, isFetching } = useFilterMatches(owner, asked, asked !== "" && !asked.includes("{{"));
  if (text === undefined || text === "") return null;
  if (isFetching || asked !== text)
    return (
      <p className="about" role="status">
        Counting…
      </p>
    );
  if (error)
    return (
      <p className="hint wrong" role="status">
        {error.message}
      </p>
    );
  if (!data || data.count === null) return null;
  return (
    <div className="filter-matches" role="status">
      <p>
        {data.count === 1 ? "1 record matches now" : `${data.count.toLocaleString("en")} records match now`}
      </p>
      {data.first.length > 0 && (
        <ul>
          {data.first.map(({ label, link }, at) => (
            <li key={at}>
              {link === undefined ? (
                label
              ) : (
                <a href={link} target="_blank" rel="noopener noreferrer">
                  {label}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
