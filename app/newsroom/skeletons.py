"""The sentences of the newsroom before their words are filled in.

Constants only. A slot in braces is drawn by `tinsach.app.newsroom.text.Writer`; a digit after its name asks for another
word of the same list. Each sentence has at least two slots with many values (a number, a person, a place, a date), so
that two articles hardly ever share one.
"""

TITLES = (
    "{near} {measure}",
    "{province} {measure}, {n} {people} hưởng lợi",
    "{n} {thing} mới cho {people} {near}",
    "{event} đến với {n} {spot} ở {province}",
    "{province}: {index} thay đổi {pct} sau {months} tháng",
    "Gỡ khó cho {people} {near} trước {problem}",
    "Vì sao {near} chọn {measure}?",
    "Chuyện {folkname} và {n} {people} ở {commune}",
    "{org} {measure} từ {date}",
    "{commune} dành {money} để {goal}",
    "Đổi thay ở {commune} sau {event}",
    "{people} {near} nhận {n} {thing} trong {event}",
    "Ngày mới ở {spot} {commune}: {measure}",
    "{province} chi {money} cho {event}",
)
LEADS = (
    "{date}, tại {place}, {org} {measure} cho {n} {people}, mở đầu {event} kéo dài {months} tháng.",
    "Sau {months} tháng triển khai {event}, {near} đã có thêm {n} {thing}, góp phần {goal} trên địa bàn {province}.",
    "{n} {people} ở {place} vừa được hỗ trợ {money} để {goal}, trong bối cảnh {problem} chưa có lời giải.",
    "Trước {problem}, {org} quyết định {measure} tại {n} {spot}, bắt đầu từ {date}.",
    "Không chờ đến cuối năm, {near} ({province}) đã {measure} và vận động {n} {people} cùng vào cuộc nhằm {goal}.",
    "{event} tại {place} thu hút {n} {people}, với tổng kinh phí {money} trong lần tổ chức thứ {few}.",
    "{org} cho biết {index} ở {place} đã thay đổi {pct} kể từ khi địa phương {measure} hồi {month}.",
    "Từ {n} {thing} ban đầu, {event} ở {near} nay đã lan ra {n2} {spot} của {province}, giúp {people} yên tâm hơn.",
)
OPENERS = (
    "Theo phóng viên TTXVN tại {province}, {date}, {org} {measure} ở {n} {spot} thuộc {near}.",
    "{date}, tại {place}, {org} công bố {event} với sự góp mặt của {n} {people}.",
    "Có mặt ở {place} từ {hour} sáng, chúng tôi gặp {folk}, một trong {n} {people} đầu tiên đăng ký {event}.",
    "{paper} do {leader}, ký {date}, nêu rõ: {near} sẽ {measure} tại {n} {spot} trong {months} tháng tới.",
    "Ở {place}, câu chuyện được nhắc đến nhiều nhất những ngày này là việc {org} {measure} cho {n} {people}.",
    "Chỉ trong {months} tháng, {near} đã có {n} {thing}, nhiều hơn tổng số của {few} năm trước cộng lại.",
    "{folk}, vẫn nhớ buổi chiều {date}, khi {org} đưa {n} {thing} về đến {commune}.",
    "Nằm cách trung tâm {province} gần {km} km, {commune} là nơi {problem} kéo dài suốt {few} năm.",
)
FACTS = (
    "Từ {date}, {org} {measure} tại {n} {spot} của {near}.",
    "Riêng {near}, {n} {people} đã nhận {big} {thing} trong {months} tháng qua.",
    "{index} ở {place} đạt {pct}, cao hơn {few} điểm phần trăm so với thời điểm {date}.",
    "Tổng kinh phí của {event} là {money}, trong đó người dân {near} góp {pct}.",
    "{org} đã cử {km} cán bộ về {near} từ {date} để {measure}.",
    "Theo {paper}, đến {date}, {n} {spot} sẽ {measure}.",
    "Trong số {n} {people} được hỏi ở {near}, {pct} cho rằng {problem} là điều đáng lo nhất.",
    "Cùng thời gian này, {near} và {far} thống nhất {measure} theo cụm, mỗi cụm {n} {people}.",
    "Đáng chú ý, {n} {thing} do {folk} vận động đã về đến {near} sớm hơn {few} ngày.",
    "Báo cáo chốt {date} của {org} cho thấy {n} trên tổng số {big} {people} đã tham gia {event}.",
    "Nhờ {money} từ nguồn xã hội hóa, {near} {measure} cho {n} {people} mà không phải chờ ngân sách.",
    "Tại {spot} {commune}, {n} {people} thay phiên nhau {measure} từ {hour} sáng mỗi ngày.",
    "{near} đặt mục tiêu {goal} ở {n} {spot} trước {date}.",
    "Dù vậy, {problem} vẫn khiến {n} {people} tại {near} phải chờ thêm {months} tháng.",
    "Con số {n} {thing} tuy nhỏ nhưng với {near}, nơi {problem}, lại là cả một nỗ lực dài {months} tháng.",
    "Ngoài {near}, mô hình này đang được thử ở {far} với {n} {people} và {n2} {thing}.",
    "{leader}, đã kiểm tra {n} {spot} ở {near} và yêu cầu {goal} ngay trong {month}.",
    "So với {month}, lượng {thing} chuyển về {near} tăng {pct}, tương đương {n} đơn vị mỗi tuần.",
    "Đoàn công tác gồm {km} người đi qua {near}, {far} rồi dừng lại ở {spot} {commune} để {measure}.",
    "Mỗi {spot} được cấp {n} {thing}, kèm khoản hỗ trợ {money} cho {months} tháng đầu.",
    "Kết quả bước đầu khá rõ: {index} của {near} thay đổi {pct} chỉ sau {few} tuần, tính đến {date}.",
    "Ở chiều ngược lại, {far} mới hoàn thành {pct} kế hoạch, tức {n} {thing}, do {problem}.",
    "Người dân có thể xem thêm {n} tư liệu về {event} tại trụ sở {org}, mở cửa đến {date}.",
    "Danh sách {n} {people} được niêm yết công khai ở nhà văn hóa {commune} từ {date}.",
    "Theo tính toán của {org}, cứ {n} {thing} đưa vào sử dụng thì {index} tăng thêm {pct}.",
    "Trận mưa {date} làm {n} {spot} ở {near} phải tạm dừng, song tiến độ chung vẫn đạt {pct}.",
    "Kế tiếp, {org} sẽ {measure} cho {n} {people} còn lại ở {far}.",
    "Tính đến {date}, nhiều gia đình ở {near} đã góp {n} ngày công để {goal}.",
    "Cách đó {km} km, {far} chọn hướng đi khác: {measure} cho {n} {people} ngay từ {date}.",
    "Tính chung {few} năm, {province} đã chi {money} nhằm {goal}, bình quân mỗi năm thêm {n} {thing}.",
    "Sáng {date}, {n} {people} có mặt tại {spot} {commune} để nhận {thing}.",
    "Thống kê của {near} ghi nhận {n} trường hợp liên quan đến {problem}, giảm {pct} so với năm trước.",
    "Cũng theo {paper}, {near} được giữ lại {pct} nguồn thu để {measure}.",
    "Việc {measure} giúp {n} {people} ở {near} tiết kiệm khoảng {money} mỗi năm.",
    "Trong {months} tháng tới, {org} dự kiến bàn giao {n} {thing}, ưu tiên {near} và {far}.",
    "Từ phản ánh của {folk}, tổ công tác đã rà lại {n} {spot} và bổ sung {n2} {thing}.",
    "Mức hỗ trợ được điều chỉnh lên {money} cho {near}, áp dụng từ {date}.",
    "Đến {hour} cùng ngày, {n} {people} của {near} đã hoàn tất thủ tục.",
    "Lớp tập huấn cuối cùng trong {month} có {n} {people} đến từ {near} và {far}.",
    "Ít ai biết rằng {commune} từng mất {few} năm để {goal}, với vỏn vẹn {n} {thing}.",
    "Ban tổ chức chia {n} {people} thành {few} nhóm, nhóm xa nhất phải đi từ {near}.",
    'Gian hàng "Hỏi & đáp" của {org} đón {n} {people} trong {few} ngày, phần lớn đến từ {far}.',
    "Khảo sát {date} tại {n} {spot} cho thấy {index} ở {near} chênh nhau tới {pct}.",
)
LINKS = (
    "Điều này càng có ý nghĩa khi {problem} từng khiến {n} {people} ở {commune} và {far} nản lòng.",
    "Nhờ thế, {n} {spot} ở {near} và {far} đã có thể {measure}.",
    "Số còn lại, gồm {n} {thing}, sẽ được chuyển cho {near} trước {date}.",
    "Đó cũng là lý do {near} và {far} dành {money} để {goal} từ {date}.",
    "Cách làm ấy nay được {n} {people} ở {near} và {far} học theo.",
    "Tuy nhiên, {near} và {far} vẫn cần thêm {n} {thing} nữa.",
    "Trước đó, {date}, {near} cũng đã {measure} cho {n} {people}.",
    "Từ con số ấy, {near} tính chuyện {goal} trước {date}, với {n} {thing}.",
)
QUOTES = (
    "“{claim}”, {folk}, {said}.",
    "{folk}, {said}: “{claim}”.",
    "“{claim}. {claim2}”, {leader}, {said}.",
    "Trao đổi bên lề {event}, {leader}, {said}: “{claim}”.",
    "Theo {leader}, {reported}.",
    "“{claim}”, {folk}, vừa kiểm lại {n} {thing} vừa {said}.",
)
CLAIMS = (
    "Chúng tôi chọn {measure} vì muốn {goal}, dù phải mất {months} tháng với {n} {people}",
    "Năm ngoái cả {near} mới có {n} {thing}, năm nay đã là {n2}",
    "Khó nhất vẫn là {problem}; riêng {near} còn {n} {people} phải chờ",
    "Nếu không {measure} từ {month} thì giờ này {n} {people} ở {commune} vẫn chưa biết trông vào đâu",
    "Nhà tôi ở {near}, mỗi tháng bớt được {n} nghìn đồng từ khi địa phương {measure}",
    "Có hôm {hour} sáng tôi đã đi {km} km, chỉ mong kịp {event} ở {near}",
    "Cái được lớn nhất không phải {n} {thing} mà là {people} ở {near} tin nhau hơn",
    "Ban đầu chỉ {n} {people} ở {commune} gật đầu, sau {few} tháng thì {near} không ai đứng ngoài",
)
CLAIMS_REPORTED = (
    "{near} cần thêm {money} và {n} {thing} thì mới {goal} được",
    "việc {measure} tại {n} {spot} của {near} đã vượt tiến độ {few} tuần",
    "đơn vị sẽ không chạy theo con số {n} {thing} mà ưu tiên {goal} ở {near}",
    "{problem} là bài toán chung của {near} và {n} {spot} lân cận",
)
CLOSERS = (
    "Dự kiến {date}, {org} sẽ tổng kết {event} và khen thưởng {n} {people} ở {near}.",
    "Giai đoạn tiếp theo sẽ bắt đầu từ {month}, với {n} {spot} và nguồn vốn {money}.",
    "Rời {commune} khi trời sập tối, chúng tôi còn nghe {folk}, nhắc lại con số {n} {thing} với một nụ cười.",
    "Thời gian tới, {near} tiếp tục {measure}, phấn đấu {goal} cho {n} {people}.",
    "{org} đề nghị {people} liên hệ với {near} trước {date} để được nhận {n} {thing} còn lại.",
)
STARS = (
    "Trước đó, {date}, {org} đã {measure} tại {n} {spot} của {near}.",
    "Chiều cùng ngày, đoàn đã đến thăm {n} {people} ở {near} và trao {n2} {thing}.",
    "Nhân dịp này, {leader}, tặng {n} {thing} cho {people} {near}.",
)
QUESTIONS = (
    "Thưa {mr}, sau {months} tháng, {event} ở {near} đã giúp được bao nhiêu trong số {n} {people}?",
    "{mr} nói gì khi {problem} vẫn còn ở {n} {spot} của {near}?",
    "Khoản {money} dành cho {near} sẽ được dùng để {measure} như thế nào, thưa {mr}?",
    "Nhìn từ {near}, {mr} có lời khuyên nào cho {n} {people} đang chờ đợt sau?",
    "Vì sao {near} lại {measure} trước {few} địa phương khác, thưa {mr}?",
)
ANSWERS = (
    "Tính đến {date}, {near} đã lo được cho {n} {people}; phần còn lại vướng {problem}, đang được gỡ dần.",
    "Chúng tôi xác định phải {goal} trước {date}; muốn vậy, mỗi {spot} ở {near} cần ít nhất {n} {thing}.",
    "Nói thật, {n} {thing} là chưa đủ, nhưng {people} ở {near} đã thấy lợi ích nên họ tự góp thêm {money}.",
    "Kinh nghiệm của {near} là không làm ồ ạt: {few} tháng đầu chỉ {measure} ở {n} {spot}, được đến đâu chắc đến đó.",
    "Tôi nghĩ nên bắt đầu từ việc nhỏ, vì ngay cả {commune} cũng mất {months} tháng mới {goal} cho {n} {people}.",
)
HEADINGS = (
    "Bắt đầu từ {n} {thing}",
    "Khi {near} tìm cách {goal}",
    "Còn đó {problem}",
    "Chuyện ở {spot} {commune}",
    "Chờ thêm {money} cho {commune}",
    "Để {goal}",
    "Từ {commune} nhìn ra {province}",
)
CAPTIONS = (
    "{people} tại {spot} {commune} trong ngày đầu nhận {thing}.",
    "{leader}, trao {n} {thing} cho {people} {near}.",
    "Một góc {spot} ở {place}, nơi {event} vừa diễn ra.",
    "{folk}, bên những {thing} vừa được bàn giao {date}.",
    "{n} {people} của {near} cùng {measure}.",
    "Quang cảnh {event} tại {place}, {date}.",
    "Lối vào {commune} sau {months} tháng {far} và {near} cùng {measure}.",
)
PHOTO_CAPTIONS = (
    "{hour} sáng {date}, {n} {people} đã có mặt ở {spot} {commune} để chuẩn bị cho {event}.",
    "{folk}, kiểm tra {n} {thing} trước khi đoàn rời {near} về trung tâm {province}.",
    "Giữa buổi, {n} {people} từ {near} và {far} cùng nhau {measure}.",
    "Những {thing} được xếp thành {km} hàng trước nhà văn hóa {commune}, chờ đến lượt {far}.",
    "Kết thúc ngày làm việc, {near} ghi nhận {n} lượt {people} và {money} tiền ủng hộ.",
)
LIST_INTROS = (
    "Theo {paper}, {near} sẽ tập trung vào những việc sau trong {months} tháng:",
    "{org} nêu {few} đầu việc đối với {n} {spot} của {near}:",
)
LIST_ITEMS = (
    "{measure} tại {n} {spot} của {near}",
    "Bố trí {n} {thing} cho {near} trước {date}",
    "Dành {money} để {goal} ở {commune}",
    "Cử {km} cán bộ theo dõi {index} của {near}",
)
TABLE_INTROS = (
    "Số {thing} mà {near} và các xã lân cận nhận được tính đến {date}, theo {org}:",
    "Kết quả của {event} ở {near} do {org} công bố {date}:",
)
GUESTS = (
    "Phóng viên đã trao đổi với {leader}, về {n} {thing} đang được bàn giao ở {near}.",
    "Bên lề {event}, phóng viên ghi lại cuộc trò chuyện với {leader}, người theo sát {n} {people} ở {near}.",
)
BOX_HEADINGS = ("Vài con số về {commune}", "{event} qua các mốc thời gian", "Hồ sơ {near}")
BOX_LINES = (
    "{date}: {near} {measure}, có {n} {people} tham gia.",
    "Kinh phí: {money}, trong đó {pct} là vốn đóng góp của {near}.",
    "Quy mô: {n} {spot}, {n2} {thing} tại {near}.",
)
UPDATES = (
    "Cập nhật mới nhất từ {org}: đến {hour} ngày hôm nay, thêm {n} {people} ở {near} được bố trí {thing}.",
    "Thông tin bổ sung từ {leader}: {near} đã nhận đủ {n} {thing}, sớm hơn kế hoạch {few} ngày.",
)
